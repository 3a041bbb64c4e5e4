import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { exitStatus } from "../errors.ts";
import { createProgram } from "./program.ts";

const page = readFileSync(path.resolve(import.meta.dirname, "../../docs/cli.md"), "utf8");

test("docs/cli.md tells the exit status of every error", () => {
  for (const [code, status] of Object.entries(exitStatus)) {
    const row = page.split("\n").find((line) => line.startsWith(`| ${status} |`));
    expect([code, row]).toEqual([code, expect.stringContaining(`\`${code}\``)]);
  }
});

test("docs/cli.md names every command and option", async () => {
  const program = await createProgram([]);
  for (const command of program.commands) {
    const verbs = command.commands.length > 0 ? command.commands : [command];
    for (const verb of verbs) {
      const name = verb === command ? command.name() : `${command.name()} ${verb.name()}`;
      expect(page).toContain(`\`${name}`);
      for (const option of verb.options)
        expect([name, page]).toEqual([name, expect.stringContaining(option.long ?? "")]);
    }
  }
});
