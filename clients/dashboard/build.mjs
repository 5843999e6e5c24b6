/** Bundle the dashboard into one file that the register serves. The same sources give the same bytes. */
import { build } from "esbuild";
import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const into = process.argv[2] ?? here("../../registry/dashboard/static/registry/dashboard.js");
const LIMIT = 300_000;

await build({
  entryPoints: [here("src/main.ts")],
  outfile: into,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  charset: "utf8",
  legalComments: "eof",
  alias: { "@the-code-register/client": here("../typescript/src/index.ts") },
  logLevel: "warning",
});
const text = readFileSync(into);
const size = gzipSync(text, { level: 9 }).length;
console.log(`${Math.round(size / 1000)} kB of script, compressed`);
if (size > LIMIT) throw new Error(`The bundle has more than ${LIMIT} bytes, compressed.`);
