/** A body as people read it: indented when it is JSON, as it came when it is anything else. */
export type PrettyBody = { readonly text: string; readonly isJson: boolean };

/**
 * Numbers keep their digits: a 64-bit id would be rounded by a parser, so the text is indented and not parsed anew. JSON.parse only says
 * whether it is JSON at all.
 */
export function prettyBody(text: string): PrettyBody {
  if (!isJson(text)) return { text, isJson: false };
  return { text: indent(text), isJson: true };
}

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null;
  } catch {
    // Expected: most error pages are HTML.
    return false;
  }
}

/** Lays valid JSON out anew, token by token. */
function indent(json: string): string {
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let depth = 0;
  let out = "";
  const newLine = (): string => `\n${"  ".repeat(depth)}`;
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (token === "{" || token === "[") {
      const isEmpty = next === "}" || next === "]";
      if (!isEmpty) depth += 1;
      out += isEmpty ? token : token + newLine();
    } else if (token === "}" || token === "]") {
      const wasEmpty = tokens[index - 1] === "{" || tokens[index - 1] === "[";
      if (!wasEmpty) depth -= 1;
      out += wasEmpty ? token : newLine() + token;
    } else if (token === ",") out += token + newLine();
    else out += token === ":" ? ": " : token;
  }
  return out;
}
