import { answerWith } from "@/app/api/v1/answer";
import { actOnRequestsWith } from "@/app/api/v1/requests";

export const dynamic = "force-dynamic";
export const GET = answerWith("requests");
export const POST = actOnRequestsWith("openRequest");
