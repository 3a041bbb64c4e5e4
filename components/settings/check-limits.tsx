"use client";

import { useState } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { CheckDefinition, CheckStanding } from "@/lib/check-board/types.ts";
import { roleReaches } from "@/lib/client/roles.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { limitsSentence, limitsWords } from "./check-words.ts";
import { ThresholdDialog } from "./threshold-dialog.tsx";

/** The limits in force for a target, whose they are, and how to change them. */
export function CheckLimits({ check, standing }: { check: CheckDefinition; standing: CheckStanding }) {
  const { person } = useConsole();
  const [editing, setEditing] = useState(false);
  const reset = useAdminAction("resetThreshold", {
    done: ({ after }) => `${check.title}: ${after ? limitsSentence(check, after) : "no limits"}`,
  });
  const { limits, target } = standing;
  if (!limits || !check.limits) return null;
  const { setBy } = limits;
  const mayChange = roleReaches(person.role, "operator");
  return (
    <div className="grid gap-1.5">
      <p>{limitsSentence(check, limits)}.</p>
      <p className="text-muted">
        {setBy ? (
          <>
            Set by {setBy.name} for {setBy.target === "*" ? "every target" : setBy.target},{" "}
            <Time at={setBy.at} />. The console's own: {limitsWords(check, check.limits)}.
          </>
        ) : (
          "The console's own limits."
        )}
      </p>
      {mayChange && (
        <div className="mt-1 flex flex-wrap gap-2">
          <Button size="sm" onClick={() => setEditing(true)}>
            Change limits
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
