import { isModelConfig } from "../../latency/mod.ts";
import { AccessError } from "../../sim/internal/errors.ts";
import type { Io } from "../io.ts";

const HOST = "huggingface.co";
const ORIGIN = `https://${HOST}`;
const REPO = /^[a-zA-Z0-9._-]+\/[a-zA-Z0-9._-]+$/;

const TOKEN_VARIABLE = "HF_TOKEN";
const TIME_LIMIT_MS = 30_000;
const MAX_REDIRECTS = 3;
const MEBIBYTE = 2 ** 20;
const MAX_MEBIBYTES = 10;

/** What a config of a language model states in any case. */
const NEEDED_KEYS = [
  "num_hidden_layers",
  "hidden_size",
  "num_attention_heads",
  "intermediate_size",
  "vocab_size",
  "torch_dtype",
];

/** How far one download has come. */
interface Download {
  readonly repo: string;
  readonly io: Io;
  readonly token: string;
  readonly signal: AbortSignal;
  /** Whom it asks at the moment. */
  url: URL;
}

/** True for `organisation/name`, the form of all repositories on HuggingFace. */
export function isRepo(name: string): boolean {
  return REPO.test(name);
}

/** Where the config.json of a repository can be read. */
export function configUrl(repo: string): string {
  return `${ORIGIN}/${repo}/resolve/main/config.json`;
}

/**
 * Downloads the config.json of a repository, with the token in `HF_TOKEN` if it may be read.
 * Throws an AccessError whose message, the end of a sentence, says why there is none.
 */
export async function fetchConfig(
  repo: string,
  io: Io,
  timeLimitMs = TIME_LIMIT_MS,
): Promise<string> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeLimitMs);
  const token = (io.env(TOKEN_VARIABLE) ?? "").trim();
  const url = new URL(configUrl(repo));
  const download = { repo, io, token, signal: limit.signal, url };
  try {
    return await configOf(await answerOf(download), download);
  } catch (error) {
    if (limit.signal.aborted) {
      throw refusal(download, `${HOST} did not answer within ${timeLimitMs / 1000} s`);
    }
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The first answer that is no redirect. */
async function answerOf(download: Download): Promise<Response> {
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await ask(download);
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    download.url = redirected(download, location);
  }
  throw refusal(download, `${HOST} redirects more than ${MAX_REDIRECTS} times`);
}

async function ask(download: Download): Promise<Response> {
  const { io, url, token, signal } = download;
  // A host that serves files for HuggingFace has no business with the token.
  const headers = token !== "" && url.origin === ORIGIN ? { authorization: `Bearer ${token}` } : {};
  try {
    return await io.fetch(url.href, { redirect: "manual", headers, signal });
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    if (error.permission !== undefined) throw forbidden(download);
    throw refusal(
      download,
      `${url.hostname} cannot be reached`,
      "check the network; HTTPS_PROXY names a proxy",
    );
  }
}

function redirected(download: Download, location: string): URL {
  const url = URL.parse(location, download.url.href);
  const isTrusted = url?.hostname === HOST || url?.hostname.endsWith(`.${HOST}`);
  if (url?.protocol === "https:" && isTrusted) return url;
  throw refusal(download, `${HOST} redirects to ${location}, which is not a host of its own`);
}

async function configOf(response: Response, download: Download): Promise<string> {
  if (response.status !== 200) {
    await response.body?.cancel();
    throw refusalOfStatus(response, download);
  }
  const text = await bodyOf(response, download);
  if (isModelConfig(text)) return text;
  if (!isJson(text)) throw refusal(download, `the answer of ${HOST} is not JSON`, "try again");
  throw refusal(
    download,
    `that of ${HOST} is without "num_hidden_layers" and "hidden_size"`,
    `add ${NEEDED_KEYS.map((key) => `"${key}"`).join(", ")} to a copy of it`,
  );
}

async function bodyOf({ body }: Response, download: Download): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let numBytes = 0;
  try {
    for await (const bytes of body ?? []) {
      numBytes += bytes.length;
      if (numBytes > MAX_MEBIBYTES * MEBIBYTE) break;
      text += decoder.decode(bytes, { stream: true });
    }
  } catch {
    throw refusal(download, `the answer of ${HOST} breaks off`, "try again");
  }
  if (numBytes <= MAX_MEBIBYTES * MEBIBYTE) return text + decoder.decode();
  throw refusal(download, `the answer of ${HOST} is larger than ${MAX_MEBIBYTES} MiB`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function refusalOfStatus({ status, headers }: Response, download: Download): AccessError {
  const { repo, token } = download;
  const useToken = `set ${TOKEN_VARIABLE} and run with --allow-env=${TOKEN_VARIABLE}`;
  const refused = (what: string, hint: string) =>
    refusal(download, `${HOST} ${what} (HTTP ${status})`, hint);
  switch (status) {
    case 401:
      return token === ""
        ? refused(`shows ${repo} to nobody without a token, or has no such repository`, useToken)
        : refused(`refuses the token in ${TOKEN_VARIABLE}`, "renew the token");
    case 403:
      return refused(
        `forbids access to ${repo}`,
        `accept its licence at ${ORIGIN}/${repo}` + (token === "" ? `, ${useToken}` : ""),
      );
    case 404:
      return refused(`has no config.json for ${repo}`, "check the spelling of the model");
    case 429: {
      const after = headers.get("retry-after");
      const wait = /^\d+$/.test(after ?? "") ? `wait ${after} s` : "wait a while";
      return refused("is asked too often", token === "" ? `${wait}, or ${useToken}` : wait);
    }
    default:
      return refused("has no answer", "try again later");
  }
}

function forbidden(download: Download): AccessError {
  const { hostname } = download.url;
  const permission = `--allow-net=${hostname === HOST ? HOST : `${HOST},${hostname}`}`;
  return new AccessError(`there is no permission to ask ${hostname}`, {
    resource: download.url.href,
    permission,
    hint: `run with ${permission}`,
  });
}

function refusal({ url }: Download, message: string, hint?: string): AccessError {
  return new AccessError(message, { resource: url.href, ...(hint !== undefined && { hint }) });
}
