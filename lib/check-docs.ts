import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Check } from "./check.ts";
import { checks } from "./checks.ts";
import { formatLimit } from "./limit-text.ts";
import { durationInWords } from "./words.ts";

/** Conditions that people ask for and that cannot be seen with what there is, and why. */
const notJudged: readonly (readonly [condition: string, why: string])[] = [
  [
    "Unused indexes",
    "No server says when an index was made, and each node counts its own scans: an index of yesterday looks unused for a year. It needs 35 days of scans by index on every node, which are not collected.",
  ],
  [
    "Bloat",
    "Its estimate rests on pg_stats, which shows a role only the columns that it may read, and pg_monitor reads no table. Dead rows, which a log that is only added to has from erasure alone, are judged instead.",
  ],
  ["Oldest unsealed and oldest verified event, verification failed", "There are no seals yet."],
  [
    "Sealed partition changed",
    "There are no seals yet; that rows of audit_log were changed at all is judged.",
  ],
  ["Requests under data protection law that are due", "Requests are not kept here yet."],
  ["Archives unverified, age of the last restore drill", "There are no archives yet."],
  [
    "Settings that do not fit the machine",
    "SQL does not say how much memory and how many processors the server has.",
  ],
];

/** docs/checks.md, the catalogue of alerts, from the list that is evaluated. */
export function renderChecks(): string {
  const topics = Map.groupBy(checks, ({ id }) => id.split(".")[0] ?? "");
  const sections = [...topics].map(([topic, of]) => `## ${topic}\n\n${of.map(section).join("\n\n")}\n`);
  return `# Checks

Every condition the console judges of a target: what it is called, its limits with why they are such, how patient its
alert is, where its figures come from, what it takes, and what to do. A person may set other limits and times, for a
target or an object: in Settings → Checks, or many at once by \`audit-db checks export\` and \`import\`
([alerts](alerts.md)). This page is generated from \`lib/checks.ts\` (\`node_modules/.bin/node lib/check-docs.ts\`).

${sections.join("\n")}
## What is not judged

${notJudged.map(([condition, why]) => `- **${condition}.** ${why}`).join("\n")}
`;
}

function section(check: Check): string {
  const { id, title, runbook, needs, thresholds, unit, source, why } = check;
  return `### ${title}

\`${id}\` · ${limitsInWords(thresholds, unit)} · ${patienceInWords(check)}

*Why.* ${why}

*From.* ${source}. *Needs.* ${needs}

*What to do.* ${runbook}`;
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

function patienceInWords({ for: badSeconds, keepFiringFor, cause }: Check): string {
  const fires = badSeconds ? `fires once bad for ${durationInWords(badSeconds)}` : "fires at once";
  const over = keepFiringFor ? `over once fine for ${durationInWords(keepFiringFor)}` : "over at once";
  return `${fires}, ${over}${cause ? ` · one incident with all of \`${cause}\`` : ""}`;
}

export const checksFile = path.resolve(import.meta.dirname, "../docs/checks.md");

if (import.meta.main) writeFileSync(checksFile, renderChecks());
