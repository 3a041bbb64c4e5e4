"use client";

import { Download } from "lucide-react";
import { Box } from "@/components/requests/box.tsx";
import { Button } from "@/components/ui/button.tsx";
import { downloadBlob } from "@/lib/client/download.ts";
import { errorWords } from "@/lib/client/error-words.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { requestKinds } from "@/lib/request-law/kinds.ts";
import { letterStates } from "@/lib/request-law/states.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";

const forms = ["pdf", "html"] as const;

/** The answer to the person who was refused, or erased, or whose erasure waits. What is handed out has its letter in the package. */
export function LetterPanel({ request: { number, language } }: { request: RequestDetail }) {
  const letter = useAdminAction("writeLetter", {
    toastErrors: false,
    onDone: ({ name, mediaType, content }) =>
      downloadBlob(new Blob([bytesOf(content)], { type: mediaType }), name),
  });
  const problem = errorWords(letter.error);
  return (
    <Box
      id="letter"
      title="Letter to the person"
      unit={language === "de" ? "in German" : "in English"}
      actions={forms.map((form) => (
        <Button
          key={form}
          size="sm"
          icon={<Download />}
          pending={letter.pending}
          onClick={() => void letter.run({ request: number, form })}
        >
          {form.toUpperCase()}
        </Button>
      ))}
    >
      <p className="text-sm text-muted">
        What was decided and why, what was erased, what is kept until when, and where the person may complain.
        It is written as things stand now and kept nowhere; each time is on record.
      </p>
      {problem && (
        <p role="alert" className="mt-2 text-sm text-critical">
          {problem}
        </p>
      )}
    </Box>
  );
}

/** Whether there is a letter to write. */
export function hasLetter({ kind, state, decision, personKept }: RequestDetail): boolean {
  if (!letterStates.includes(state) || decision === null || !personKept) return false;
  const { ground, parts } = decision;
  const refused = ground !== null || (parts.length > 0 && parts.every((part) => part.decision === "refuse"));
  return refused || !requestKinds[kind].package;
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
