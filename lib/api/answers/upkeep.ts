import { z } from "zod";
import { upkeepOutcomes, upkeepStates } from "../../../drizzle/console/schema/upkeep.ts";
import { cutInput } from "../../partition-plan/request.ts";
import { count, instant, nullableNumber, nullableText } from "../parts.ts";

const table = z.object({ schema: z.string(), name: z.string() });
const moment = instant.nullable();

export const upkeepAnswer = z.array(
  z
    .object({
      id: z.uuid(),
      target: z.string(),
      database: z.string(),
      table: table.meta({ description: "A root, then every branch, or a branch" }),
      cut: cutInput.nullable().meta({ description: "Null: learned from the partitions that are there" }),
      ahead: count.meta({ description: "Intervals after the one that holds now" }),
      tablespace: nullableText,
      cron: z.string(),
      timeZone: z.string().meta({ description: "Of the expression and of the window" }),
      window: z
        .object({ from: z.string(), to: z.string() })
        .nullable()
        .meta({ description: "In which it may work, HH:MM; null: always" }),
      lockTimeoutMs: count,
      state: z.enum(upkeepStates),
      revision: count.meta({ description: "An approval names the one it saw" }),
      enabled: z.boolean(),
      proposedBy: z.string(),
      proposedAt: instant,
      approvedBy: nullableText,
      approvedAt: moment,
      onSince: moment,
      last: z
        .object({
          at: instant,
          jobId: nullableText,
          outcome: z.enum(upkeepOutcomes),
          words: z.string(),
          made: count,
        })
        .nullable()
        .meta({ description: "The newest run that ended" }),
      succeededAt: moment,
      words: nullableText.meta({ description: "The expression in words, where few say it" }),
      on: z.boolean().meta({ description: "Whether runs begin by the clock" }),
      nextRun: moment,
      openJobId: nullableText,
    })
    .meta({ id: "Upkeep" }),
);

export const upkeepPreviewAnswer = z
  .object({
    runs: z.array(
      z.object({
        at: instant,
        makes: z.array(z.string()).meta({ description: "What the runs before it made is not among them" }),
        refusals: z.array(
          z.object({
            object: z.string(),
            outcome: z.enum(["missing", "blocked", "refused"]),
            words: z.string(),
          }),
        ),
      }),
    ),
    notes: z.array(z.string()),
    cut: cutInput
      .partial()
      .nullable()
      .meta({ description: "With what the rule leaves out, as learned; null where nothing tells" }),
  })
  .meta({ id: "UpkeepPreview" });

export const partmanAnswer = z.array(
  z
    .object({
      installation: z.object({
        schema: z.string(),
        version: nullableText.meta({
          description: "Null where its tables stand there without the extension",
        }),
        tellsLastRun: z.boolean(),
      }),
      ...table.shape,
      parentTable: z.string(),
      control: z.string(),
      type: nullableText,
      interval: z.string(),
      widthSeconds: nullableNumber,
      premake: count,
      automatic: z.string().meta({ description: "`off`: its maintenance leaves the table alone" }),
      epoch: nullableText,
      retention: nullableText,
      retentionKeepTable: z.boolean().nullable(),
      infinite: z.boolean().nullable(),
      template: nullableText,
      undoInProgress: z.boolean(),
      ignoreDefaultData: z.boolean().nullable(),
      lastRun: moment,
    })
    .meta({ id: "PartmanTable" }),
);
