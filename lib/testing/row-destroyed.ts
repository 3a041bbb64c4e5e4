import type { Sql } from "postgres";
import { z } from "zod";
import { heldBack, passHoldGate } from "../holds/pass-hold-gate.ts";
import type { GateContext } from "../holds/types.ts";
import { carryOutEffect } from "../verbs/effects/carry-out-effect.ts";
import { defineEffect } from "../verbs/effects/effect.ts";
import type { EffectContext } from "../verbs/effects/effect-context.ts";

/** A destruction in the target that anybody can see: a row of `public.destroyed`. */
export const rowDestroyed = defineEffect({
  action: "test.destroy",
  input: z.strictObject({ row: z.string(), policy: z.string() }),
  destroys: ({ row, policy }) => [{ target: "audit", policy, tokens: [row] }],
  async look({ audit }, { row }) {
    const [found] = await audit.use(
      "watch",
      "test.look",
      (sql) => sql`select from public.destroyed where row = ${row}`,
    );
    return found ? "done" : "not done";
  },
});

/**
 * Destroys through the gate, as an effect.
 * @param moment called inside the gate before the target's commit, after it, and after the gate
 * @returns whether the gate let it pass
 */
export async function destroyRow(
  context: EffectContext & GateContext,
  target: Sql,
  input: { row: string; policy: string },
  moment: (at: "before" | "after" | "past") => Promise<void>,
): Promise<boolean> {
  const actor = { kind: "system", id: "test", name: "test" } as const;
  let held = false;
  const destroying = carryOutEffect(
    context,
    { effect: rowDestroyed, input, actor, target: "audit" },
    async (_taken, assertOurs) => {
      const answer = await passHoldGate(context, rowDestroyed.destroys?.(input) ?? [], async () => {
        await moment("before");
        await target.begin(async (sql) => {
          await sql`insert into public.destroyed values (${input.row})`;
          await assertOurs();
        });
        await moment("after");
      });
      await moment("past");
      held = !answer.passed;
      if (!answer.passed) throw heldBack(answer);
      return {};
    },
  );
  return destroying.then(
    () => true,
    (thrown: unknown) => {
      if (held) return false;
      throw thrown;
    },
  );
}
