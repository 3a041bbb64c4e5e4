// npm run bench [-- NAME …]: the benchmarks of bench/NAME.ts. Named ones run and print their line;
// without a name all run, and the table in docs/performance.md is written.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { installIfStale } from "./install.mjs";
import { pinnedNode, requireNode, root } from "./project.mjs";
import { capture } from "./run.mjs";
import { fail, say } from "./say.mjs";

const page = path.join(root, "docs", "performance.md");
const [begin, end] = ["<!-- benchmarks: written by npm run bench -->", "<!-- end of benchmarks -->"];
/** `NAME ratio 0.00 aim <= 0.00 (ours …, other …)` */
const verdict = /^(\S+) ratio (\S+) aim (\S+ \S+) \((.*)\)$/;

requireNode();
const known = readdirSync(path.join(root, "bench"))
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => file.slice(0, -3));
const asked = process.argv.slice(2).filter((arg) => !arg.startsWith("-"));
const unknown = asked.find((name) => !known.includes(name));
if (unknown) fail(`There is no benchmark "${unknown}". Benchmarks: ${known.join(", ")}; none means all.`, 2);

await installIfStale();
process.env.PATH = `${path.join(root, "node_modules", ".bin")}${path.delimiter}${process.env.PATH}`;
const lines = [];
let unmeasured = 0;
for (const name of asked.length > 0 ? asked : known) {
  if (asked.length !== 1) say(`benchmark ${name} …`);
  const { code, output } = await capture(pinnedNode(), [path.join(root, "bench", `${name}.ts`)], {
    onOutput: (text) => process.stdout.write(text),
  });
  const line = output.trimEnd().split("\n").at(-1) ?? "";
  if (code === 0 && verdict.test(line)) lines.push(line);
  else unmeasured++;
}
if (asked.length === 0) {
  writeTable(lines);
  process.stdout.write(`\n${lines.join("\n")}\n`);
}
process.exitCode = unmeasured > 0 ? 1 : 0;

function writeTable(measured) {
  const text = existsSync(page) ? readFileSync(page, "utf8") : "";
  if (!text.includes(begin) || !text.includes(end)) {
    return say(
      `docs/performance.md has no place for the table (between ${begin} and ${end}); it was left as it is`,
    );
  }
  const rows = measured.map((line) => {
    const [, name, ratio, aim, figures] = verdict.exec(line);
    return `| ${name} | ${ratio} | ${aim} | ${figures} |`;
  });
  const table = ["| benchmark | ratio | aim | measured |", "| --- | --- | --- | --- |", ...rows].join("\n");
  const [before] = text.split(begin);
  const after = text.slice(text.indexOf(end));
  writeFileSync(page, `${before}${begin}\n\n${table}\n\n${after}`);
}
