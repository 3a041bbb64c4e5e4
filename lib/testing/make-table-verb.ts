import { z } from "zod";
import { AppError } from "../errors.ts";
import { identifierInput, targetInput } from "../inputs.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { defineEffect } from "../verbs/effects/effect.ts";

/** An effect on a target that anybody can see: a table. */
export const tableMade = defineEffect({
  action: "test.make-table",
  input: z.strictObject({ name: identifierInput }),
  async look({ audit }, { name }) {
    const [row] = await audit.use(
      "watch",
      "test.look",
      (sql) => sql`select to_regclass('public.' || quote_ident(${name})) is not null as there`,
    );
    return row?.there ? "done" : "not done";
  },
});

/** A verb that makes a table on its target. @param mishap called at the two points where a death matters */
export function makeTableVerb(mishap: (at: "before" | "after") => Promise<void>) {
  return defineAdminAction({
    name: "test.make-table",
    role: "operator",
    target: true,
    input: z.strictObject({ target: targetInput, name: identifierInput }),
    object: ({ name }) => ({ type: "table", id: name }),
    effect: tableMade,
    async run({ audit }, { name }) {
      if (name === "refused") throw new AppError("CONFLICT", "It is refused.");
      return {
        intends: { name },
        object: { type: "table", id: name },
        async carryOut() {
          await mishap("before");
          await audit.use("maintenance", "test.make_table", (sql) =>
            sql.unsafe(`create table public."${name}" ()`),
          );
          await mishap("after");
          return { data: { made: name }, facts: { columns: 0 } };
        },
      };
    },
  });
}
