import { z } from "zod";
import { AppError } from "../errors.ts";
import { int8Text } from "../inputs.ts";
import { getQueryDetail } from "../queries/get-query-detail.ts";
import { getStatementEntries } from "../queries/get-statement-entries.ts";
import { formatStatementKey } from "../queries/statement-key.ts";
import { defineRead, rangeInput, resolveRange } from "../read.ts";

export const apiReads = {
  /** One statement by its queryid alone: of the roles and databases it ran under, the entry that cost most. */
  statementByQueryId: defineRead({
    role: "viewer",
    input: z.strictObject({
      queryId: int8Text("is not a queryid"),
      range: rangeInput,
    }),
    run: async (context, { queryId, range }) => {
      const entries = await getStatementEntries(context.audit, queryId);
      const [costliest] = entries.data;
      if (!costliest)
        throw new AppError("NOT_FOUND", `The server has no statement with the queryid ${queryId} now.`);
      return getQueryDetail(context, {
        key: formatStatementKey(costliest),
        range: resolveRange(range, context.now),
      });
    },
  }),
};
