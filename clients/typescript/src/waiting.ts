export interface WaitOptions {
  /** Seconds between two looks. */
  readonly every?: number;
  /** Seconds after which waiting is given up. */
  readonly within?: number;
}

/** Look again until `done`; answers what was seen last. Throws when it takes longer than `within`. */
export async function waitFor<T>(look: () => Promise<T>, done: (seen: T) => boolean, { every = 1, within = 120 }: WaitOptions = {}): Promise<T> {
  const last = Date.now() + within * 1000;
  for (;;) {
    const seen = await look();
    if (done(seen)) return seen;
    if (Date.now() > last) throw new Error(`Not done within ${within} seconds.`);
    await new Promise((resolve) => setTimeout(resolve, every * 1000));
  }
}
