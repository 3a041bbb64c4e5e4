import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

export interface Source {
  file: string;
  text: string;
  imports: { to: string; typeOnly: boolean }[];
}

/** Every source of lib, app and components, with what it imports. */
const sources = ["lib", "app", "components"].flatMap((folder) => collect(path.join(root, folder)));

function collect(folder: string): Source[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => {
      const file = path.relative(root, path.join(folder, name));
      const text = readFileSync(path.join(root, file), "utf8");
      return { file, text, imports: importsOf(file, text) };
    });
}

function importsOf(file: string, text: string): Source["imports"] {
  const found = text.matchAll(
    /^\s*(?:import|export)\s+(type\s)?[^"';]*?from\s+"([^"]+)"|\bimport\("([^"]+)"\)|^import "([^"]+)"/gm,
  );
  return [...found].map((match) => {
    const specifier = match[2] ?? match[3] ?? match[4] ?? "";
    const names = match[0].match(/\{([^}]*)\}/)?.[1];
    const inlineTypes =
      names !== undefined &&
      !/import\s+\w+\s*,/.test(match[0]) &&
      names.split(",").every((n) => !n.trim() || n.trim().startsWith("type "));
    return { to: resolve(file, specifier), typeOnly: Boolean(match[1]) || inlineTypes };
  });
}

function resolve(file: string, specifier: string): string {
  if (specifier.startsWith("@/")) return specifier.slice(2);
  if (specifier.startsWith(".")) return path.join(path.dirname(file), specifier);
  return `package:${specifier}`;
}

const isTest = (file: string) => /\.test\.tsx?$/.test(file) || file.startsWith("lib/testing/");
/** Without the tests and what they stand on. */
export const product = sources.filter((source) => !isTest(source.file));
