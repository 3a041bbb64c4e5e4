"use client";

import { regimeNames } from "@/components/requests/request-words.ts";
import { Sheet } from "@/components/ui/sheet.tsx";
import { requestKinds } from "@/lib/request-law/kinds.ts";
import type { RequestSummary } from "@/lib/requests/types.ts";
import { kindLaw } from "./kind-law.ts";
import { LawTexts } from "./law-texts.tsx";

interface LawSheetProps {
  open: boolean;
  onClose: () => void;
  request: Pick<RequestSummary, "kind" | "regime" | "state">;
}

/** The law of a request, one click away: what applies where it stands, and every ground that may refuse it. */
export function LawSheet({ open, onClose, request }: LawSheetProps) {
  const { title } = requestKinds[request.kind];
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={`${title}: ${kindLaw(request.kind, request.regime)} and what it allows`}
      description={regimeNames[request.regime]}
    >
      {open && <LawTexts {...request} />}
    </Sheet>
  );
}
