import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { envSchema } from "../../env/schema.ts";
import { configurationFile, renderConfiguration } from "./configuration-docs.ts";

test("docs/configuration.md is what lib/env.ts says", () => {
  expect(
    readFileSync(configurationFile, "utf8"),
    "run: node_modules/.bin/node lib/start/settings/configuration-docs.ts",
  ).toBe(renderConfiguration());
});

test("every variable has a row with a description", () => {
  const text = renderConfiguration();
  for (const name of Object.keys(envSchema.shape)) {
    expect(text).toMatch(new RegExp(`^\\| \`${name}\` \\| .* \\| .{10,} \\|$`, "m"));
  }
});
