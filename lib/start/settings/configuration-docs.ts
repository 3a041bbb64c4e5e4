import { writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { envSchema } from "../../env/schema.ts";

interface Property {
  description?: string;
  default?: unknown;
}

/** docs/configuration.md, from the one place that reads the environment. */
export function renderConfiguration(): string {
  const schema = z.toJSONSchema(envSchema, { io: "input", unrepresentable: "any" });
  const rows = Object.entries((schema.properties ?? {}) as Record<string, Property>).map(
    ([name, { description = "", default: fallback }]) =>
      `| \`${name}\` | ${fallback === undefined ? "" : `\`${fallback}\``} | ${cell(description)} |`,
  );
  return `# Configuration

Everything is set by environment variables; an empty one counts as unset. A malformed one stops the start with a
line that names it and says what is wrong, never its value. This page is generated from \`lib/env/\`
(\`node_modules/.bin/node lib/start/settings/configuration-docs.ts\`).

## What runs

| set in the environment | what runs |
| --- | --- |
| nothing | The demo: two embedded PostgreSQL 18 servers under \`DATA_DIR\` (an audit database with a workload, and the console's own). |
| \`AUDIT_DATABASE_URL\` | Watches that database, read-only. The console's own database is embedded under \`DATA_DIR\`. |
| and \`CONSOLE_DATABASE_URL\` | Production: no embedded server, any number of web and worker processes. Needs \`NEXTAUTH_SECRET\` and \`NEXT_SERVER_ACTIONS_ENCRYPTION_KEY\`, the same for every process; make each with \`openssl rand -base64 32\`. |
| and \`REDIS_URL\` | A second cache level: answers that all processes share, and drops that reach every one of them at once. See [operations](operations.md), "Redis". |

Without \`CONSOLE_DATABASE_URL\` the secrets are generated in \`DATA_DIR/secrets.json\`, and the master key in
\`DATA_DIR/master-keys.json\`, both readable by their owner alone.

## Variables

| variable | default | meaning |
| --- | --- | --- |
${rows.join("\n")}
`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replace(/\s+/g, " ");
}

export const configurationFile = path.resolve(import.meta.dirname, "../../../docs/configuration.md");

if (import.meta.main) writeFileSync(configurationFile, renderConfiguration());
