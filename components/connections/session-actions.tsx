"use client";

import { CircleStop, Unplug } from "lucide-react";
import { useState } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button } from "@/components/ui/button.tsx";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { ReasonField } from "@/components/ui/reason-field.tsx";
import { SqlBlock } from "@/components/ui/sql-block.tsx";
import { errorWords } from "@/lib/client/error-words.ts";
import { formatSeconds } from "@/lib/client/format.ts";
import { roleReaches } from "@/lib/client/roles.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { ServerSession } from "@/lib/connections/types.ts";

type Ask = "cancel" | "terminate";

/** Ends a client's statement or its session, for a reason; operators only. Nothing for what may not be ended. */
export function SessionActions({ session }: { session: ServerSession }) {
  const { person } = useConsole();
  const [asking, setAsking] = useState<Ask | null>(null);
  const { pid, backendStart, backendType, own, state } = session;
  if (backendType !== "client backend" || own || backendStart === null) return null;
  if (!roleReaches(person.role, "operator")) return null;
  return (
    <section aria-label="Stop it" className="flex flex-wrap gap-2">
      {state === "active" && (
        <Button icon={<CircleStop />} onClick={() => setAsking("cancel")}>
          Cancel statement
        </Button>
      )}
      <Button icon={<Unplug />} onClick={() => setAsking("terminate")}>
        End session
      </Button>
      <SignalDialog
        // Another session is another question: what was typed for one is not said of the next.
        key={`${pid} ${backendStart.toISOString()}`}
        session={{ ...session, backendStart }}
        asking={asking}
        onClose={() => setAsking(null)}
      />
    </section>
  );
}

const words: Record<Ask, { title: string; verb: string; says: string }> = {
  cancel: {
    title: "Cancel the statement of session",
    verb: "Cancel statement",
    says: "The statement ends with an error that its application sees. The session and its connection stay.",
  },
  terminate: {
    title: "End session",
    verb: "End session",
    says: "Its transaction is rolled back and its connection closed. The application sees an error and may connect again.",
  },
};

function SignalDialog(props: {
  session: ServerSession & { backendStart: Date };
  asking: Ask | null;
  onClose: () => void;
}) {
  const { session, asking, onClose } = props;
  const { pid, backendStart, application, user, query, state, stateSeconds } = session;
  const target = useTarget();
  const [reason, setReason] = useState("");
  const cancel = useAdminAction("cancelSession", {
    done: `Statement of session ${pid} cancelled`,
    toastErrors: false,
  });
  const terminate = useAdminAction("terminateSession", {
    done: ({ ended }) =>
      ended ? `Session ${pid} ended` : `Session ${pid} was told to end and is rolling back`,
    toastErrors: false,
  });
  // The last one asked about stays while the dialog closes.
  const which = asking ?? "terminate";
  const act = which === "cancel" ? cancel : terminate;
  const who = application ?? user;
  return (
    <ConfirmDialog
      open={asking !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`${words[which].title} ${pid}${who ? ` (${who})` : ""}`}
      verb={words[which].verb}
      dismiss="Leave it"
      pending={act.pending}
      problem={errorWords(act.error)}
      onConfirm={async () => (await act.run({ target, pid, backendStart, reason })) !== null}
    >
      <div className="grid gap-3">
        <p>{words[which].says}</p>
        <div className="grid gap-1.5">
          <p className="text-xs text-faint">
            {state === "active" ? "It runs" : "Its last statement"}
            {stateSeconds !== null && `, ${state ?? "in this state"} for ${formatSeconds(stateSeconds)}`}
          </p>
          {query ? (
            <SqlBlock sql={query} maxHeight={160} />
          ) : (
            <p className="text-sm text-muted">The server does not show it to our role.</p>
          )}
        </div>
        <ReasonField
          value={reason}
          onChange={setReason}
          hint="Name the ticket or the cause, such as “Ticket AUD-1234”."
        />
      </div>
    </ConfirmDialog>
  );
}
