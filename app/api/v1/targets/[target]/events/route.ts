import { ingestWith } from "@/app/api/v1/ingest";

export const dynamic = "force-dynamic";
export const POST = ingestWith();
