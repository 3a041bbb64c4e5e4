"use client";

import { Search } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import type { AdminOutput } from "@/lib/admin.ts";
import { errorWords } from "@/lib/client/error-words.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { PersonPolicies } from "./person-policies.tsx";
import { PersonRestriction } from "./person-restriction.tsx";

/** A person looked up by the id that the application has for them: it travels in the body alone and is kept nowhere. */
export function PersonPanel() {
  const id = useId();
  const [typed, setTyped] = useState("");
  const [shown, setShown] = useState<{ person: string; view: AdminOutput<"viewSubject"> } | null>(null);
  const view = useAdminAction("viewSubject", { toastErrors: false });
  async function look(person: string) {
    const found = await view.run({ person });
    if (found) setShown({ person, view: found });
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    if (typed.trim() && !view.pending) void look(typed);
  }
  return (
    <section aria-labelledby={`${id}-title`} className="rounded-lg border border-hairline bg-panel">
      <div className="grid gap-3 p-4">
        <h2 id={`${id}-title`} className="text-base font-medium">
          A person
        </h2>
        <form onSubmit={submit} className="flex flex-wrap items-center gap-2">
          <Input
            aria-label="The person's id, as the application writes it"
            placeholder="Their id, as the application writes it"
            value={typed}
            maxLength={1_000}
            autoComplete="off"
            spellCheck={false}
            className="w-full sm:w-80"
            onChange={(event) => {
              view.clearError();
              setTyped(event.target.value);
            }}
          />
          <Button type="submit" icon={<Search />} pending={view.pending} disabled={!typed.trim()}>
            Look up
          </Button>
        </form>
        {view.error ? (
          <Problem>{errorWords(view.error)}</Problem>
        ) : (
          !shown && (
            <p className="text-sm text-muted">
              Shows under which policies events of theirs stand, until when the law keeps each, and what may
              go. That you looked is on record; whom you looked for is not.
            </p>
          )
        )}
      </div>
      {shown && (
        <div className="border-t border-hairline">
          <Found key={shown.person} {...shown} onChanged={() => void look(shown.person)} />
        </div>
      )}
    </section>
  );
}

interface FoundProps {
  person: string;
  view: AdminOutput<"viewSubject">;
  onChanged: () => void;
}

function Found({ person, view, onChanged }: FoundProps) {
  return (
    <div className="grid gap-1">
      {view.policies.length > 0 ? (
        <PersonPolicies person={person} policies={view.policies} onChanged={onChanged} />
      ) : (
        <p className="px-4 pt-3 text-sm">
          {view.found
            ? "No event of theirs stands under a key of this console."
            : "This console has no key of such a person: they stand in no event under this id, or all of it was erased."}
        </p>
      )}
      <PersonRestriction person={person} restriction={view.restriction} onChanged={onChanged} />
    </div>
  );
}
