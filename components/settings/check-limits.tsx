"use client";

import { useState } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { CheckDefinition, CheckStanding } from "@/lib/check-board/types.ts";
import { roleReaches } from "@/lib/client/roles.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { limitsSentence, limitsWords, patienceWords } from "./check-words.ts";
import { ThresholdDialog } from "./threshold-dialog.tsx";

/** The limits in force for a target, whose they are, and how to change them. */
export function CheckLimits({ check, standing }: { check: CheckDefinition; standing: CheckStanding }) {
  const { person } = useConsole();
  const [editing, setEditing] = useState(false);
  const reset = useAdminAction("resetThreshold", {
    done: ({ after }) =>
      `${check.title}: ${after ? limitsSentence(check, after) : "the console's own again"}`,
  });
  const { limits, target } = standing;
  const setBy = limits?.setBy;
  const mayChange = roleReaches(person.role, check.guarded ? "admin" : "operator");
  return (
    <div className="grid gap-1.5">
      <p>
        {check.limits && limits && `${limitsSentence(check, limits)}. `}
        {patienceWords(check, setBy)}
      </p>
      <p className="text-muted">
        {setBy ? (
          <>
            Set by {setBy.name} for {setBy.target === "*" ? "every target" : setBy.target},{" "}
            <Time at={setBy.at} />.
            {check.limits && ` The console's own: ${limitsWords(check, check.limits)}.`}
          </>
        ) : check.limits ? (
          "The console's own limits."
        ) : (
          "It is a condition that is or is not, and has no limits."
        )}
        {check.guarded &&
          " It is guarded: administrators alone change this; it takes two to silence it, or to let it speak later or of less."}
      </p>
      {mayChange && (
        <div className="mt-1 flex flex-wrap gap-2">
          <Button size="sm" onClick={() => setEditing(true)}>
            {check.limits ? "Change limits" : "Change when it alerts"}
          </Button>
          {setBy && (
            <Button
              size="sm"
              variant="ghost"
              pending={reset.pending}
              onClick={() =>
                void reset.run({ check: check.id, target: setBy.target, object: setBy.objectKey })
              }
            >
              {setBy.target === "*" ? "Reset for every target" : "Reset"}
            </Button>
          )}
        </div>
      )}
      {editing && (
        <ThresholdDialog
          check={check}
          target={target}
          object={null}
          limits={limits}
          onClose={() => setEditing(false)}
        />
      )}
    </div>
  );
}
