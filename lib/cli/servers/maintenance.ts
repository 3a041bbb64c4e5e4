import { Command } from "commander";
import { openTarget } from "../../audit-db/registry.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { toAppError } from "../../errors.ts";
import { getDatabaseAges } from "../../maintenance/get-database-ages.ts";
import { getIndexFaults } from "../../maintenance/get-index-faults.ts";
import { getPreparedTransactions } from "../../maintenance/get-prepared-transactions.ts";
import { getSequences } from "../../maintenance/get-sequences.ts";
import { readSettings } from "../../maintenance/read-settings.ts";
import { nameRelation } from "../../quote-sql.ts";
import type { Observed } from "../../result.ts";
import { action, oneTarget } from "../command.ts";
import { bytesText, timeText } from "../output/format.ts";
import { silent } from "../silent.ts";

const shownSequences = 20;

interface Question<T> {
  title: string;
  ask(audit: AuditDb): Promise<Observed<T>>;
  header: string[];
  rows(data: T): string[][];
  none: string;
}

const questions = {
  databases: question({
    title: "Transaction ids of each database",
    ask: (audit) => getDatabaseAges(audit),
    header: ["database", "transaction ids used", "multixact ids used", "checksum failures"],
    rows: (data) =>
      data.map((each) => [
        each.name ?? "(shared catalogues)",
        percentText(each.transactionShare),
        percentText(each.multixactShare),
        each.checksumFailures === null ? "no checksums" : String(each.checksumFailures),
      ]),
    none: "",
  }),
  sequences: question({
    title: "Sequences, the most used first",
    ask: (audit) => getSequences(audit),
    header: ["sequence", "used", "last value", "ends at"],
    rows: ({ readable }) =>
      readable
        .slice(0, shownSequences)
        .map(({ schema, name, used, last, end }) => [
          nameRelation({ schema, name }),
          percentText(used),
          last ?? "–",
          end,
        ]),
    none: "No sequence can end.",
  }),
  indexes: question({
    title: "Invalid and duplicate indexes",
    ask: (audit) => getIndexFaults(audit),
    header: ["index", "fault", "table", "count", "size"],
    rows: ({ faults }) =>
      faults.map(({ schema, name, fault, kept, table, count, bytes }) => [
        nameRelation({ schema, name }),
        kept ? `same as ${kept}` : fault,
        table,
        String(count),
        bytesText(bytes),
      ]),
    none: "No index is invalid, and none repeats another.",
  }),
  preparedTransactions: question({
    title: "Prepared transactions",
    ask: (audit) => getPreparedTransactions(audit),
    header: ["id", "prepared", "database", "owner"],
    rows: (data) =>
      data.map(({ id, prepared, database, owner }) => [id, timeText(prepared), database, owner]),
    none: "None is open.",
  }),
  settings: question({
    title: "Settings",
    ask: (audit) => readSettings(audit),
    header: ["setting", "value", "for", ""],
    rows: ({ settings, overrides }) => [
      ...settings.map(({ name, setting, waitsForRestart }) => [
        name,
        setting,
        "server",
        waitsForRestart ? "a change waits for a restart" : "",
      ]),
      ...overrides.map(({ name, setting, database, role }) => [
        name,
        setting,
        [role && `role ${role}`, database && `database ${database}`].filter(Boolean).join(" in "),
        "",
      ]),
    ],
    none: "",
  }),
};

/** Keeps the type of its data between asking and printing. */
function question<T>({ title, ask, header, rows, none }: Question<T>) {
  return {
    title,
    header,
    none,
    async answer(audit: AuditDb) {
      try {
        const observed = await ask(audit);
        return { observed, rows: rows(observed.data) };
      } catch (thrown) {
        return { error: toAppError(thrown) };
      }
    },
  };
}

export function maintenanceCommand(): Command {
  return new Command("maintenance")
    .description("what a server needs done by hand: ids used up, sequences, indexes, settings")
    .action(
      action(async (context) => {
        const { out } = context;
        const audit = openTarget(oneTarget(context), { logger: silent });
        const answers = await Promise.all(
          Object.entries(questions).map(
            async ([name, asked]) => [name, asked, await asked.answer(audit)] as const,
          ),
        );
        const [, , first] = answers[0] ?? [];
        // One list that cannot be read leaves the others; where none can, that is the answer.
        if (first?.error && answers.every(([, , { error }]) => error)) throw first.error;
        out.document(
          Object.fromEntries(
            answers.map(([name, , { observed, error }]) => [
              name,
              observed ?? { error: { code: error?.code, message: error?.message } },
            ]),
          ),
        );
        for (const [, { title, header, none }, { rows, error }] of answers) {
          out.line(`${title}:`);
          if (error) out.line(error.message);
          else if (rows.length === 0) out.line(none);
          else out.table(header, rows);
          out.line("");
        }
      }),
    );
}

function percentText(share: number | null): string {
  return share === null ? "–" : `${(share * 100).toFixed(1)} %`;
}
