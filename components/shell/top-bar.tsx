"use client";

import { ChevronRight, Search } from "lucide-react";
import { usePathname } from "next/navigation";
import { IconButton } from "@/components/ui/button.tsx";
import { Kbd } from "@/components/ui/kbd.tsx";
import { AlertBell } from "./alert-bell.tsx";
import { pageOfPath } from "./navigation.ts";
import { PersonMenu } from "./person-menu.tsx";
import { RangePicker } from "./range-picker.tsx";
import { RefreshControl } from "./refresh-control.tsx";
import { TargetSwitcher } from "./target-switcher.tsx";

export function TopBar({ onSearch, onHelp }: { onSearch: () => void; onHelp: () => void }) {
  const page = pageOfPath(usePathname());
  const timed = page?.path.includes("{target}");
  return (
    <header className="sticky top-0 z-30 flex h-12 items-center gap-1 border-b border-hairline bg-page px-2 sm:gap-2 sm:px-4">
      <TargetSwitcher />
      {page && (
        <span className="hidden items-center gap-1.5 text-base text-muted md:flex">
          <ChevronRight aria-hidden className="size-3.5 text-faint" />
          {page.label}
        </span>
      )}
      <div className="ml-auto flex items-center gap-1 sm:gap-1.5">
        {timed && (
          <>
            <RangePicker />
            <RefreshControl />
          </>
        )}
        <button
          type="button"
          onClick={onSearch}
          className="hidden h-8 items-center gap-2 rounded-md border border-hairline-strong bg-panel px-2.5 text-sm text-muted hover:bg-hover hover:text-ink lg:flex"
        >
          <Search aria-hidden className="size-4" />
          Search
          <Kbd keys="mod k" />
        </button>
        <span className="lg:hidden">
          <IconButton label="Search" onClick={onSearch}>
            <Search />
          </IconButton>
        </span>
        <AlertBell />
        <PersonMenu onHelp={onHelp} />
      </div>
    </header>
  );
}
