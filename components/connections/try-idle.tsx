"use client";

import { FlaskConical } from "lucide-react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button } from "@/components/ui/button.tsx";
import { roleReaches } from "@/lib/client/roles.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useTarget } from "@/lib/client/use-target.ts";

/** On the demo, for whoever may act: makes an alert come and go. Says beforehand what will happen. */
export function TryIdle() {
  const target = useTarget();
  const { person, targets } = useConsole();
  const attempt = useAdminAction("tryIdle", {
    done: ({ seconds }) =>
      `A transaction of “forgetful-report” is idle for ${seconds} seconds. The alert fires within a minute.`,
  });
  const demo = targets.some(({ name, demo }) => demo && name === target);
  if (!demo || !roleReaches(person.role, "operator")) return null;
  return (
    <section
      aria-label="Try it"
      className="grid justify-items-start gap-3 rounded-md border border-hairline p-4"
    >
      <p className="max-w-prose text-sm text-muted">
        Try it: an application opens a transaction on the demo and forgets it for 90 seconds. After 20 seconds
        it is over the limit; at the next look, within half a minute, “Idle in transaction” fires here.
        Acknowledge it, end the session or wait: once the transaction is gone it resolves by itself, and
        closes after 30 quiet minutes.
      </p>
      <Button icon={<FlaskConical />} pending={attempt.pending} onClick={() => attempt.run({ target })}>
        Leave a transaction idle
      </Button>
    </section>
  );
}
