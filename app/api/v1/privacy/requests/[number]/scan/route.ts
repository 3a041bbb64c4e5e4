import { answerWith } from "@/app/api/v1/answer";
import { actOnRequestAs } from "@/app/api/v1/requests";

export const dynamic = "force-dynamic";
export const GET = answerWith("requestScan");
export const POST = actOnRequestAs("scan");
