"use client";

/**
 * <PageTurn page={filter.before} older={next} arriving={read.previous} onTurn={turnTo} />
 * The foot of a list that is read page by page, newest first: on to older rows, and back to the newest. `page` and
 * `older` are the places the pages begin at, null for the newest and for none.
 */
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useRef } from "react";
import { Button } from "./button.tsx";
import { useListTop } from "./use-list-top.ts";

interface PageTurnProps {
  page: string | null;
  older: string | null;
  /** The rows shown are still those of the page before. */
  arriving: boolean;
  onTurn: (page: string | null) => void;
}

export function PageTurn({ page, older, arriving, onTurn }: PageTurnProps) {
  const box = useRef<HTMLDivElement>(null);
  const turning = useListTop(box, page, !arriving);
  function turn(to: string | null) {
    turning();
    onTurn(to);
  }
  return (
    <div ref={box} className="flex min-h-10 items-center justify-end gap-2 border-t border-hairline px-4">
      {page !== null && (
        <Button size="sm" variant="ghost" icon={<ChevronLeft />} onClick={() => turn(null)}>
          Newest
        </Button>
      )}
      <Button
        size="sm"
        variant="ghost"
        disabled={older === null}
        pending={arriving}
        onClick={() => turn(older)}
      >
        Older <ChevronRight aria-hidden />
      </Button>
    </div>
  );
}
