"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { requestPath } from "@/components/requests/request-words.ts";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import type { AdminOutput } from "@/lib/admin.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { useKeptHref } from "@/lib/client/url-state.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useFieldProblems } from "@/lib/client/use-field-problems.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { emptyIntake, intakeOf } from "./intake-draft.ts";
import { IntakeFields, intakePaths } from "./intake-fields.tsx";
import { IntakeTold } from "./intake-told.tsx";

/** A request while it is written down. Who asks is sealed with its own key before anything is kept. */
export function IntakeDialog({ onClose }: { onClose: () => void }) {
  const zone = useTimeZone();
  const router = useRouter();
  const keep = useKeptHref();
  const target = useTarget();
  const [draft, setDraft] = useState(emptyIntake);
  const [opened, setOpened] = useState<AdminOutput<"openRequest"> | null>(null);
  const open = useAdminAction("openRequest", {
    toastErrors: false,
    done: ({ number }) => `Request #${number} is taken in`,
  });
  const { form, problemAt, rest } = useFieldProblems(open.error, intakePaths);
  const input = intakeOf(draft, zone);
  const lead = (number: number) => {
    onClose();
    router.push(keep(requestPath(target, number)));
  };
  async function submit() {
    if (!input) return;
    const made = await open.run(input);
    if (!made) return;
    if (made.duplicates.length > 0 || made.earlier) setOpened(made);
    else lead(made.number);
  }
  if (opened)
    return (
      <Dialog
        open
        onOpenChange={(next) => !next && onClose()}
        title={`Request #${opened.number} is taken in`}
        footer={
          <>
            <Button onClick={onClose}>Close</Button>
            <Button variant="primary" onClick={() => lead(opened.number)}>
              Open request #{opened.number}
            </Button>
          </>
        }
      >
        <IntakeTold {...opened} />
      </Dialog>
    );
  return (
    <FormDialog
      title="Take in a request"
      description="Who asks is sealed under a key of this request alone; lists, logs and messages name it by its number."
      size="lg"
      verb="Take in request"
      complete={input !== null}
      pending={open.pending}
      problem={rest}
      form={form}
      noValidate
      wide
      onSubmit={submit}
      onClose={onClose}
    >
      <IntakeFields
        draft={draft}
        problemAt={problemAt}
        onChange={(to) => {
          open.clearError();
          setDraft((last) => ({ ...last, ...to }));
        }}
      />
    </FormDialog>
  );
}
