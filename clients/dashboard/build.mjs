/** Bundle the dashboard into the files that the register serves. The same sources give the same bytes. */
import { build } from "esbuild";
import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const into = resolve(process.argv[2] ?? here("../../registry/dashboard/static/registry"));
const LIMIT = 300_000;
// The choice of colours is a plain script: it runs before the page is drawn, a module would run after.
const FILES = [
  { name: "dashboard", from: "src/main.ts", format: "esm" },
  { name: "theme", from: "src/theme.ts", format: "iife" },
];

let size = 0;
for (const { name, from, format } of FILES) {
  const outfile = join(into, `${name}.js`);
  await build({
    entryPoints: [here(from)],
    outfile,
    bundle: true,
    minify: true,
    format,
    target: ["es2022"],
    charset: "utf8",
    legalComments: "eof",
    alias: { "@the-code-register/client": here("../typescript/src/index.ts") },
    logLevel: "warning",
  });
  size += gzipSync(readFileSync(outfile), { level: 9 }).length;
}
console.log(`${Math.round(size / 1000)} kB of script, compressed`);
if (size > LIMIT) throw new Error(`The scripts have more than ${LIMIT} bytes, compressed.`);
