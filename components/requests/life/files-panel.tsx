"use client";

import { Upload } from "lucide-react";
import { useRef, useState } from "react";
import { Box } from "@/components/requests/box.tsx";
import { useOpened } from "@/components/requests/use-opened.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Time } from "@/components/ui/time.tsx";
import { errorWords } from "@/lib/client/error-words.ts";
import { formatValue } from "@/lib/client/format.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { isEnd } from "@/lib/request-law/states.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";

/** Files of the request, by their hashes; names are sealed with what they hold. */
export function FilesPanel({ request }: { request: RequestDetail }) {
  const { files, number } = request;
  const { opened } = useOpened();
  const picker = useRef<HTMLInputElement>(null);
  const add = useAdminAction("addRequestFile", {
    ...{ large: true, toastErrors: false },
    done: "The file is kept, sealed",
  });
  const [tooLarge, setTooLarge] = useState(false);
  async function take(file: File | undefined) {
    if (!file) return;
    setTooLarge(file.size > mostBytes);
    if (file.size > mostBytes) return;
    const content = await base64Of(file);
    await add.run({
      request: number,
      name: file.name,
      mediaType: file.type || "application/octet-stream",
      content,
    });
  }
  const problem = tooLarge
    ? `A file may have ${formatValue(mostBytes, "bytes")} at most.`
    : errorWords(add.error);
  return (
    <Box
      id="files"
      title="Files"
      {...(files.length > 0 && { unit: String(files.length) })}
      actions={
        !isEnd(request.state) &&
        request.personKept && (
          <Button
            size="sm"
            variant="ghost"
            icon={<Upload />}
            pending={add.pending}
            onClick={() => picker.current?.click()}
          >
            Add a file
          </Button>
        )
      }
    >
      <input
        ref={picker}
        type="file"
        aria-label="File of the request"
        className="hidden"
        onChange={(event) => {
          void take(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      {files.length === 0 ? (
        <p className="text-sm text-muted">
          {isEnd(request.state)
            ? "No file was added before it ended."
            : "No files yet. Letters and proofs of what was answered belong here. Never a document of identity: note what you saw instead."}
        </p>
      ) : (
        <ul className="grid gap-3 text-sm">
          {files.map(({ id, addedAt, addedBy, bytes, sha256, mediaType, kept }) => (
            <li key={id} className="grid gap-0.5">
              <p className="break-words">
                {opened?.files[id] ?? mediaType}{" "}
                <span className="text-faint">{formatValue(bytes, "bytes")}</span>
                {!kept && <span className="text-muted">, destroyed</span>}
              </p>
              <p className="text-xs text-faint">
                {addedBy}, <Time at={addedAt} show="moment" />
              </p>
              <code className="truncate font-mono text-2xs text-faint" title={sha256}>
                SHA-256 {sha256}
              </code>
            </li>
          ))}
        </ul>
      )}
      {problem && (
        <p role="alert" className="mt-2 text-sm text-critical">
          {problem}
        </p>
      )}
    </Box>
  );
}

/** What a file of a request may have. */
const mostBytes = 5 * 1_048_576;

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
    reader.onerror = () => reject(reader.error ?? new Error("the file could not be read"));
    reader.readAsDataURL(file);
  });
}
