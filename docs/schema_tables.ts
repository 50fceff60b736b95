import type { JsonSchema } from "../cmd/schema/json_schema.ts";

/** An object of a file format and what the path to it is. */
interface Section {
  readonly title: string;
  readonly schema: JsonSchema;
}

const TOP_LEVEL = "Top level";
const DISTRIBUTION = "distribution";

/** How tables are written. */
export interface TableOptions {
  /** True if users write the format: only then a key that is required is marked. */
  readonly isInput: boolean;
  /** Headings of objects, by the path to the first of them; others are headed by the path itself. */
  readonly titles?: Readonly<Record<string, string>>;
}

/** Markdown tables of the keys of a file format, one for each object in it. */
export function schemaTables(
  schema: JsonSchema,
  options: TableOptions = { isInput: true },
): string {
  return new Tables(schema, options).text();
}

class Tables {
  readonly #sections: Section[];
  readonly #distribution: JsonSchema | undefined;
  readonly #options: TableOptions;

  constructor(schema: JsonSchema, options: TableOptions) {
    this.#options = options;
    const { definitions } = schema as { definitions?: Record<string, JsonSchema> };
    this.#sections = [{ title: TOP_LEVEL, schema }];
    this.#distribution = definitions?.[DISTRIBUTION];
  }

  text(): string {
    const tables: string[] = [];
    // A table may add the sections that it links to.
    for (let i = 0; i < this.#sections.length; i++) tables.push(this.#table(this.#sections[i]!));
    if (this.#distribution !== undefined) {
      tables.push(this.#table({ title: DISTRIBUTION, schema: this.#distribution }));
    }
    return tables.join("\n");
  }

  #table({ title, schema }: Section): string {
    const { properties = {}, required = [] } = schema as {
      properties?: Record<string, JsonSchema>;
      required?: string[];
    };
    const path = title === TOP_LEVEL ? "" : `${title}.`;
    const rows = Object.entries(properties).map(([key, value]) => {
      const meaning = [
        String(value.description ?? ""),
        required.includes(key)
          ? this.#options.isInput ? "required" : ""
          : defaultText(value.default),
      ].filter((text) => text !== "").join("; ");
      return `| \`${key}\` | ${this.#type(value, `${path}${key}`)} | ${cell(meaning)} |`;
    });
    return [`## ${title}`, "", "| key | value | meaning |", "| --- | --- | --- |", ...rows, ""]
      .join("\n");
  }

  #type(schema: JsonSchema, path: string): string {
    if (isDistribution(schema)) return link(DISTRIBUTION);
    if (Array.isArray(schema.enum)) return namesText(schema.enum);
    if (Array.isArray(schema.anyOf)) {
      return schema.anyOf.map((one) => this.#type(one, path)).join(" or ");
    }
    if (Array.isArray(schema.type)) {
      return schema.type.map((type) => this.#type({ ...schema, type }, path)).join(" or ");
    }
    switch (schema.type) {
      case undefined:
        return "anything";
      case "null":
        return "null";
      case "array":
        return `list of ${this.#type(schema.items as JsonSchema, `${path}[]`)}`;
      case "object":
        if (schema.properties !== undefined) return link(this.#titleOf(schema, path));
        return `map of ${this.#type(schema.additionalProperties as JsonSchema, `${path}.*`)}`;
      case "string":
        return "text";
      case "boolean":
        return "true or false";
      default:
        return `${schema.type === "integer" ? "whole number" : "number"}${rangeText(schema)}`;
    }
  }

  /** The section of an object: that of an equal one, else a new one. */
  #titleOf(schema: JsonSchema, path: string): string {
    const keys = JSON.stringify(schema.properties);
    const known = this.#sections.find((s) => JSON.stringify(s.schema.properties) === keys);
    if (known !== undefined) return known.title;
    const title = this.#options.titles?.[path] ?? path;
    this.#sections.push({ title, schema });
    return title;
  }
}

function isDistribution({ allOf }: JsonSchema): boolean {
  return Array.isArray(allOf) && allOf.length === 1 && "$ref" in allOf[0];
}

function namesText(names: readonly unknown[]): string {
  return names.filter((name) => name !== "").map((name) => `\`${name}\``).join(", ");
}

function rangeText(schema: JsonSchema): string {
  const { minimum, exclusiveMinimum, maximum } = schema;
  const limits = [
    minimum === undefined ? "" : `≥ ${minimum}`,
    exclusiveMinimum === undefined ? "" : `> ${exclusiveMinimum}`,
    maximum === undefined ? "" : `≤ ${maximum}`,
  ].filter((text) => text !== "");
  return limits.length === 0 ? "" : ` ${limits.join(", ")}`;
}

/** Zeros and the like say nothing that the meaning does not. */
function defaultText(value: unknown): string {
  return value === undefined || value === 0 || value === false ? "" : `default \`${value}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** A link to a section of the same page, by the anchor that its heading gets. */
function link(title: string): string {
  const anchor = title.toLowerCase().replace(/[^a-z0-9 _-]/g, "").replaceAll(" ", "-");
  return `[${title}](#${anchor})`;
}
