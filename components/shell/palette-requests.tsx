"use client";

import { Command } from "cmdk";
import { Hash, Inbox } from "lucide-react";
import { deadlineWords, requestPath } from "@/components/requests/request-words.ts";
import { openRequestsInput } from "@/components/requests/requests-input.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { requestKinds } from "@/lib/request-law/kinds.ts";
import { groupStyle, PaletteItem } from "./palette-item.tsx";

interface PaletteRequestsProps {
  target: string;
  /** What is typed. */
  search: string;
  onGo: (href: string) => void;
}

/** Open requests by number, kind and what is next; any other by its number alone. */
export function PaletteRequests({ target, search, onGo }: PaletteRequestsProps) {
  const { data = [] } = useRead("requests", openRequestsInput, { target: "", polled: false });
  const typed = Number(/^(?:request )?#?(\d{1,9})$/i.exec(search.trim())?.[1] ?? 0);
  const other = typed > 0 && !data.some(({ number }) => number === typed) ? typed : null;
  if (data.length === 0 && other === null) return null;
  return (
    <Command.Group heading="Open requests" className={groupStyle}>
      {other !== null && (
        <PaletteItem
          icon={<Hash />}
          value={`request #${other} ${search}`}
          onSelect={() => onGo(requestPath(target, other))}
        >
          Go to request #{other}
        </PaletteItem>
      )}
      {data.map((request) => {
        const { number, kind, next } = request;
        return (
          <PaletteItem
            key={number}
            icon={<Inbox />}
            value={`request #${number} ${requestKinds[kind].title} ${next?.words ?? ""}`}
            onSelect={() => onGo(requestPath(target, number))}
          >
            Request #{number}: {requestKinds[kind].title.toLowerCase()}
            <span className="ml-2 text-faint">
              {[next?.words, deadlineWords(request)].filter(Boolean).join(" ")}
            </span>
          </PaletteItem>
        );
      })}
    </Command.Group>
  );
}
