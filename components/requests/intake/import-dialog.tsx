"use client";

import { useId, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { Field } from "@/components/ui/input.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import type { AdminOutput } from "@/lib/admin.ts";
import { errorWords } from "@/lib/client/error-words.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { counted } from "@/lib/words.ts";
import { type CsvPreview, lineErrors, mostCsvCharacters, previewCsv } from "./csv-preview.ts";
import { CsvPreviewTable } from "./csv-preview-table.tsx";
import { IntakeTold } from "./intake-told.tsx";

const columns =
  "kind, regime, received_at, language, organizations, targets, reference, id, email, phone, ip, other, name, contact, letter";

/** Several requests from a file: all of it or none, with what is wrong in each line. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const id = useId();
  const [file, setFile] = useState<{ text: string; preview: CsvPreview } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [taken, setTaken] = useState<AdminOutput<"importRequests"> | null>(null);
  const take = useAdminAction("importRequests", {
    ...{ large: true, toastErrors: false },
    done: ({ requests }) => `${counted(requests.length, "request")} taken in`,
  });
  async function choose(chosen: File | undefined) {
    take.clearError();
    setFile(null);
    setProblem(null);
    if (!chosen) return;
    const text = await chosen.text();
    if (text.length > mostCsvCharacters)
      setProblem(
        `The file has more than ${mostCsvCharacters / 1_000_000} million characters: split it into several.`,
      );
    else setFile({ text, preview: previewCsv(text) });
  }
  async function submit() {
    if (!file) return;
    const made = await take.run({ csv: file.text });
    if (!made) return;
    if (made.requests.some(({ duplicates, earlier }) => duplicates.length > 0 || earlier)) setTaken(made);
    else onClose();
  }
  if (taken) return <Taken taken={taken} onClose={onClose} />;
  const requests = file?.preview.rows.length ?? 0;
  const errors = take.error ? lineErrors(take.error.fields) : new Map<number, string>();
  return (
    <FormDialog
      title="Import requests from a CSV file"
      description="All of the file is taken in, or none of it. Each line is sealed before it is kept."
      size="lg"
      verb={requests > 0 ? `Check and take in ${counted(requests, "request")}` : "Check and take in"}
      complete={requests > 0}
      pending={take.pending}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field
        label="File"
        htmlFor={`${id}-file`}
        hint={`The first line names columns: ${columns}. kind and one of id, email, phone, ip, other must be there; lists have | between.`}
      >
        <input
          id={`${id}-file`}
          type="file"
          accept=".csv,text/csv"
          onChange={(event) => void choose(event.target.files?.[0])}
          className="text-sm file:mr-3 file:h-8 file:rounded-md file:border file:border-hairline-strong file:bg-panel file:px-3 file:text-ink"
        />
      </Field>
      <Problem>{problem}</Problem>
      <Problem>
        {errors.size > 0
          ? `Nothing was taken in: ${counted(errors.size, "line")} must be mended first.`
          : errorWords(take.error)}
      </Problem>
      {file && <CsvPreviewTable preview={file.preview} errors={errors} />}
    </FormDialog>
  );
}

function Taken({
  taken: { requests },
  onClose,
}: {
  taken: AdminOutput<"importRequests">;
  onClose: () => void;
}) {
  const told = requests.filter(({ duplicates, earlier }) => duplicates.length > 0 || earlier);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${counted(requests.length, "request")} taken in`}
      size="lg"
      footer={
        <Button variant="primary" onClick={onClose}>
          Close
        </Button>
      }
    >
      <ul className="grid gap-4">
        {told.map(({ number, line, duplicates, earlier }) => (
          <li key={number} className="grid gap-1.5">
            <p className="font-medium">
              Line {line}, request #{number}
            </p>
            <IntakeTold duplicates={duplicates} earlier={earlier} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
