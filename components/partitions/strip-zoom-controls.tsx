"use client";

import { ChevronLeft, ChevronRight, Maximize, ZoomIn, ZoomOut } from "lucide-react";
import { IconButton } from "@/components/ui/button.tsx";
import type { Domain } from "./strip-geometry.ts";
import { moveZoom, scaleZoom } from "./strip-zoom.ts";

interface StripZoomControlsProps {
  zoom: Domain | null;
  whole: Domain;
  nowMs: number;
  onZoom: (zoom: Domain | null) => void;
}

/** Zoom for those who cannot drag: in around now, out, earlier, later, all. */
export function StripZoomControls({ zoom, whole, nowMs, onZoom }: StripZoomControlsProps) {
  return (
    <fieldset aria-label="Zoom" className="ml-auto flex items-center">
      {zoom && (
        <>
          <IconButton label="Earlier" size="sm" onClick={() => onZoom(moveZoom(zoom, whole, -0.5))}>
            <ChevronLeft />
          </IconButton>
          <IconButton label="Later" size="sm" onClick={() => onZoom(moveZoom(zoom, whole, 0.5))}>
            <ChevronRight />
          </IconButton>
          <IconButton label="Show all" size="sm" onClick={() => onZoom(null)}>
            <Maximize />
          </IconButton>
          <IconButton label="Zoom out" size="sm" onClick={() => onZoom(scaleZoom(zoom, whole, nowMs, 2))}>
            <ZoomOut />
          </IconButton>
        </>
      )}
      <IconButton label="Zoom in" size="sm" onClick={() => onZoom(scaleZoom(zoom, whole, nowMs, 0.5))}>
        <ZoomIn />
      </IconButton>
    </fieldset>
  );
}
