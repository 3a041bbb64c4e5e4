import { answerWith } from "@/app/api/v1/answer";
import { ingestWith } from "@/app/api/v1/ingest";

export const dynamic = "force-dynamic";
export const GET = answerWith("events");
export const POST = ingestWith();
