"use client";

import { Command } from "cmdk";
import type { ReactNode } from "react";

export const groupStyle =
  "[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint";

interface PaletteItemProps {
  icon: ReactNode;
  aside?: ReactNode;
  /** What is searched in place of its words. */
  value?: string;
  keywords?: string[];
  onSelect: () => void;
  children: ReactNode;
}

export function PaletteItem({ icon, aside, value, keywords, onSelect, children }: PaletteItemProps) {
  return (
    <Command.Item
      onSelect={onSelect}
      {...(value !== undefined && { value })}
      {...(keywords && { keywords })}
      className="flex h-9 cursor-default items-center gap-2.5 rounded-md px-2 text-base aria-selected:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted"
    >
      {icon}
      <span className="min-w-0 grow truncate">{children}</span>
      {aside}
    </Command.Item>
  );
}
