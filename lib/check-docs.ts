import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Check } from "./check.ts";
import { checks } from "./checks.ts";
import { formatLimit } from "./limit-text.ts";

/** docs/checks.md, from the list that is evaluated. */
export function renderChecks(): string {
  const topics = Map.groupBy(checks, ({ id }) => id.split(".")[0] ?? "");
  const sections = [...topics].map(([topic, of]) => `## ${topic}\n\n${of.map(section).join("\n\n")}\n`);
  return `# Checks

Every condition the console judges of a target: what it is called, its limits (a person may set others in Settings →
Checks), what it takes, and what to do. This page is generated from \`lib/checks.ts\`
(\`node_modules/.bin/node lib/check-docs.ts\`).

${sections.join("\n")}`;
}

function section({ id, title, runbook, needs, thresholds, unit }: Check): string {
  return `### ${title}

\`${id}\` · ${limitsInWords(thresholds, unit)} · ${needs}

${runbook}`;
}

function limitsInWords(thresholds: Check["thresholds"], unit: Check["unit"]): string {
  if (!thresholds) return "no limits: it is so or not";
  const { warning, critical, direction } = thresholds;
  const side = direction === "rising" ? "from" : "below";
  return [
    warning !== null && `warning ${side} ${formatLimit(warning, unit)}`,
    critical !== null && `critical ${side} ${formatLimit(critical, unit)}`,
  ]
    .filter(Boolean)
    .join(", ");
}

export const checksFile = path.resolve(import.meta.dirname, "../docs/checks.md");

if (import.meta.main) writeFileSync(checksFile, renderChecks());
