// Reads a definition in the States Language. Writes what AWS's own service for editors finds in it, as
// a JSON array of sentences.
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

const { TextDocument, getLanguageService } = createRequire(import.meta.url)('amazon-states-language-service');

const service = getLanguageService({});
const definition = TextDocument.create('file:///definition.asl.json', 'ASL', 1, await text(process.stdin));
const findings = await service.doValidation(definition, service.parseJSONDocument(definition));
console.log(JSON.stringify(findings.map((f) => `line ${f.range.start.line + 1}: ${f.message}`)));
