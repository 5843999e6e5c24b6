export { ProblemError, type Problem } from "./problem.js";
export { Register, type Answer, type RegisterOptions } from "./register.js";
export { waitFor, type WaitOptions } from "./waiting.js";
export type * from "./schema.js";
