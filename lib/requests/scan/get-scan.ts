import type { Queryable } from "../../db/console-db.ts";
import { requireRequest } from "../read-request.ts";
import { type RequestScan, scanOf } from "../read-request-parts.ts";
import { findScan } from "./find-scan.ts";
import { remainderListed } from "./remainder.ts";

/** A look for what is left of a person. */
export interface RequestScanView extends RequestScan {
  /** Whether nothing is left, but what is listed with its ground. */
  listed: boolean;
}

/** The newest scan of a request; null before the first. @throws AppError NOT_FOUND */
export async function getScan(db: Queryable, request: number): Promise<RequestScanView | null> {
  const { id } = await requireRequest(db, request);
  const row = await findScan(db, id);
  return row ? { ...scanOf(row), listed: remainderListed(row) } : null;
}
