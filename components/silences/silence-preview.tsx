"use client";

import { StateIcon } from "@/components/ui/state-badge.tsx";
import type { ReadState } from "@/lib/client/use-read.ts";
import type { SilencePreview as Preview } from "@/lib/silences/types.ts";
import { counted } from "@/lib/words.ts";
import { HushingList } from "./hushing-list.tsx";

interface PreviewProps {
  read: ReadState<Preview>;
  /** Whether every condition has a value. */
  written: boolean;
  /** Guarded checks are meant as well. */
  guarded: boolean;
}

/** What the conditions would keep from being told now, before anything is set. */
export function SilencePreview({ read, written, guarded }: PreviewProps) {
  return (
    <section
      aria-label="What it silences now"
      className="grid min-h-24 content-start gap-2 rounded-md border border-hairline bg-inset p-3"
    >
      {written ? (
        <Told read={read} guarded={guarded} />
      ) : (
        <p className="text-sm text-muted">Give every condition a value to see what it silences.</p>
      )}
    </section>
  );
}

function Told({ read, guarded }: Omit<PreviewProps, "written">) {
  const { data, error } = read;
  if (error) return <p className="text-sm text-critical">{error.message}</p>;
  if (!data) return <p className="text-sm text-muted">Looking at what fires …</p>;
  const { hushes, leftOut, checks, guardedChecks } = data;
  const silenced = hushes.alerts + (guarded ? leftOut.alerts : 0);
  return (
    <>
      <p className="text-sm" aria-live="polite">
        <strong className="font-medium">
          {checks.reached === 0
            ? "No check has such labels: it would silence nothing."
            : silenced === 0
              ? "Nothing that fires now."
              : `${counted(silenced, "alert")} of ${counted(hushes.incidents + (guarded ? leftOut.incidents : 0), "incident")} that fire now.`}
        </strong>{" "}
        <span className="text-muted">
          It means {checks.reached} of {checks.all} checks.
        </span>
      </p>
      <HushingList hushing={hushes} />
      {guarded && <HushingList hushing={leftOut} />}
      {!guarded && guardedChecks.length > 0 && (
        <div className="grid gap-1 text-sm">
          <p className="flex gap-2">
            <StateIcon state="notice" className="mt-0.5" />
            <span className="min-w-0">
              Told all the same, because {guardedChecks.length === 1 ? "it watches" : "they watch"} what
              protects the audit log: {guardedChecks.join(", ")}.
            </span>
          </p>
          {leftOut.alerts > 0 && <HushingList hushing={leftOut} />}
        </div>
      )}
    </>
  );
}
