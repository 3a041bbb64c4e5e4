"use client";

import { Download, Ellipsis, Image, Link2, Maximize2, Table2 } from "lucide-react";
import { type RefObject, useState } from "react";
import { IconButton } from "@/components/ui/button.tsx";
import { copyText } from "@/components/ui/copy-button.tsx";
import { DropdownMenu, MenuItem, MenuSeparator } from "@/components/ui/dropdown-menu.tsx";
import { type FigureTable, toCsv } from "@/lib/client/csv.ts";
import { downloadText } from "@/lib/client/download.ts";
import { toast } from "@/lib/client/notices.ts";

interface PanelMenuProps {
  id: string;
  title: string;
  box: RefObject<HTMLElement | null>;
  table: (() => FigureTable) | null;
  asTable: boolean;
  onTable: (asTable: boolean) => void;
  onExpand: () => void;
}

/** Expand, table view, CSV, PNG, copy link. */
export function PanelMenu({ id, title, box, table, asTable, onTable, onExpand }: PanelMenuProps) {
  const [drawing, setDrawing] = useState(false);
  const svg = () =>
    box.current?.querySelector<SVGSVGElement>("svg[data-chart], svg.recharts-surface") ?? null;

  async function savePng() {
    const drawn = svg();
    if (!drawn) return;
    try {
      const { downloadPng } = await import("./download-png.ts");
      await downloadPng(drawn, `${id}.png`);
    } catch {
      toast.critical("The picture could not be made", {
        description: "The browser refused to draw the chart.",
      });
    }
  }

  async function copyLink() {
    const url = new URL(window.location.href);
    url.hash = id;
    if (await copyText(url.toString())) toast.ok("Link copied");
    else toast.critical("Copying was refused by the browser");
  }

  return (
    <DropdownMenu
      label={`${title}: actions`}
      onOpenChange={() => setDrawing(svg() !== null)}
      trigger={
        <IconButton label={`${title}: actions`} size="sm">
          <Ellipsis />
        </IconButton>
      }
    >
      <MenuItem icon={<Maximize2 />} onSelect={onExpand}>
        Expand
      </MenuItem>
      {table && (
        <MenuItem icon={<Table2 />} onSelect={() => onTable(!asTable)}>
          {asTable ? "Show as chart" : "Show as table"}
        </MenuItem>
      )}
      <MenuSeparator />
      {table && (
        <MenuItem icon={<Download />} onSelect={() => downloadText(toCsv(table()), `${id}.csv`, "text/csv")}>
          Download CSV
        </MenuItem>
      )}
      {drawing && (
        <MenuItem icon={<Image />} onSelect={savePng}>
          Download PNG
        </MenuItem>
      )}
      <MenuItem icon={<Link2 />} onSelect={copyLink}>
        Copy link
      </MenuItem>
    </DropdownMenu>
  );
}
