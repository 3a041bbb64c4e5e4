"use client";

import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Field } from "@/components/ui/input.tsx";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import type { AdminOutput } from "@/lib/admin.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { counted } from "@/lib/words.ts";
import { type CsvPreview, lineErrors, mostCsvCharacters, previewCsv } from "./csv-preview.ts";
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
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!file || take.pending) return;
    const made = await take.run({ csv: file.text });
    if (!made) return;
    if (made.requests.some(({ duplicates, earlier }) => duplicates.length > 0 || earlier)) setTaken(made);
    else onClose();
  }
  if (taken) return <Taken taken={taken} onClose={onClose} />;
  const errors = take.error ? lineErrors(take.error.fields) : new Map<number, string>();
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Import requests from a CSV file"
      description="All of the file is taken in, or none of it. Each line is sealed before it is kept."
      size="lg"
      locked={take.pending}
      footer={
        <>
          <Button onClick={onClose} disabled={take.pending}>
            Cancel
          </Button>
          <Button
            type="submit"
            form={id}
            variant="primary"
            pending={take.pending}
            disabled={!file || file.preview.rows.length === 0}
          >
            {file && file.preview.rows.length > 0
              ? `Check and take in ${counted(file.preview.rows.length, "request")}`
              : "Check and take in"}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="grid gap-4">
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
        {problem && (
          <p role="alert" className="text-sm text-critical">
            {problem}
          </p>
        )}
        {take.error && (
          <p role="alert" className="text-sm text-critical">
            {errors.size > 0
              ? `Nothing was taken in: ${counted(errors.size, "line")} must be mended first.`
              : `${take.error.message} ${take.error.hint ?? ""}`}
          </p>
        )}
        {file && <Preview preview={file.preview} errors={errors} />}
      </form>
    </Dialog>
  );
}

const mostShown = 50;

function Preview({
  preview: { header, rows },
  errors,
}: {
  preview: CsvPreview;
  errors: ReadonlyMap<number, string>;
}) {
  const wrong = rows.filter(({ line }) => errors.has(line));
  const shown = [...wrong, ...rows.filter(({ line }) => !errors.has(line))].slice(0, mostShown);
  return (
    <div className="max-h-80 overflow-auto rounded-md border border-hairline">
      <table className="w-full text-sm">
        <caption className="sr-only">Lines of the file</caption>
        <thead className="sticky top-0 bg-raised text-left text-xs text-faint">
          <tr>
            <th scope="col" className="px-3 py-1.5 font-medium">
              Line
            </th>
            {header.map((name) => (
              <th key={name} scope="col" className="px-3 py-1.5 font-medium whitespace-nowrap">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ line, cells }) => {
            const why = errors.get(line);
            return (
              <tr
                key={line}
                data-wrong={why ? true : undefined}
                className="border-t border-hairline align-top"
              >
                <td className="px-3 py-1.5 tabular-nums">
                  {line}
                  {why && (
                    <p className="mt-0.5 flex items-start gap-1 text-critical">
                      <StateIcon state="critical" className="mt-px size-3.5" />
                      <span className="min-w-40">{why}</span>
                    </p>
                  )}
                </td>
                {cells.map((cell, index) => (
                  <td
                    key={header[index] ?? index}
                    className="max-w-48 truncate px-3 py-1.5 whitespace-nowrap"
                  >
                    {cell}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length > shown.length && (
        <p className="border-t border-hairline px-3 py-1.5 text-xs text-muted">
          and {counted(rows.length - shown.length, "further line")}
        </p>
      )}
    </div>
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
