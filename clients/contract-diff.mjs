/** Say what changed in the contract since another one, and fail where a client of that one would break. */
import { readFileSync } from "node:fs";
import { apiCompare } from "api-smart-diff";
import { parse } from "yaml";

const [before, after] = process.argv.slice(2).map((path) => parse(readFileSync(path, "utf8"), { maxAliasCount: -1 }));
const { diffs } = apiCompare(before, after);
// What stands among the components is judged where it is used: there it is known whether it is asked or answered.
const of = (kind) => diffs.filter(({ type, path }) => type === kind && path[0] !== "components");
// A further value in an answer is announced, not breaking: clients take values that they do not know yet.
const isFurtherValue = ({ action, path }) => action === "add" && path.includes("responses") && path.at(-2) === "enum";
const breaking = of("breaking").filter((diff) => !isFurtherValue(diff));
for (const { path, action, description } of breaking) console.error(`${action} ${path.join(" ")}\n    ${description ?? ""}`);
console.log(`${breaking.length} breaking, ${of("non-breaking").length} not breaking, ${of("unclassified").length} unclassified, ${of("annotation").length} in words alone.`);
process.exitCode = breaking.length ? 1 : 0;
