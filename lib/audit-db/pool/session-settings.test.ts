import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import {
  checkedSettings,
  requiredSettings,
  type SessionUse,
  sessionSettings,
  startupSettings,
  unpinnedSettings,
} from "./session-settings.ts";

const uses: SessionUse[] = [
  "watch",
  "read",
  "write",
  "maintenance",
  "privacy",
  "explain",
  "migration",
  "console",
];

/** Rows of the table, those alike in one. */
function rows(): string[] {
  const groups = new Map<string, string[]>();
  for (const { name, why } of sessionSettings) {
    const tail = `| ${valuesOf(name)} | ${why} |`;
    groups.set(tail, [...(groups.get(tail) ?? []), `\`${name}\``]);
  }
  return [...groups].map(([tail, names]) => `| ${names.join(" ")} ${tail}`);
}

/** Its value, or each with the uses that have it, the commonest first. */
function valuesOf(name: string): string {
  const byValue = new Map<string, SessionUse[]>();
  for (const use of uses) {
    const value = startupSettings(use)[name];
    const text = value === undefined ? "the role's own" : `\`${value}\``;
    byValue.set(text, [...(byValue.get(text) ?? []), use]);
  }
  const [most, ...others] = [...byValue].sort(([, a], [, b]) => b.length - a.length);
  return [most?.[0], ...others.map(([text, those]) => `${those.join(", ")}: ${text}`)].join("; ");
}

test("the list in docs/engine.md is this list", () => {
  const docs = readFileSync(path.resolve(import.meta.dirname, "../../../docs/engine.md"), "utf8");
  const left = unpinnedSettings.map(
    ({ names, why }) => `| ${names.map((name) => `\`${name}\``).join(" ")} | ${why} |`,
  );
  for (const row of [...rows(), ...left]) expect(docs).toContain(`${row}\n`);
  for (const { name } of checkedSettings) expect(docs).toContain(`\`${name}\``);
});

test("no value is one that the driver would leave out of the packet, and each setting stands once", () => {
  for (const use of uses) expect(Object.values(startupSettings(use)).filter((value) => !value)).toEqual([]);
  const names = sessionSettings.map(({ name }) => name.toLowerCase());
  expect(new Set(names).size).toBe(names.length);
});

test("a session is held to what it was sent", () => {
  for (const use of uses)
    for (const [name, accepted] of requiredSettings(use)) {
      const sent = startupSettings(use)[name];
      if (sent !== undefined) expect(accepted).toContain(sent);
    }
});
