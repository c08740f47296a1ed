"""The API described for programs: OpenAPI 3.1 from the tenant's own modules, custom fields included."""

from typing import Any, assert_never

from litestar import Controller, Response, get

from crm_domain.definition import Module, kinds
from crm_domain.definition.kinds import Kind
from crm_web.api.new_guests import GUESTS, SCHEMA, has_guests
from crm_web.api.records import answer
from crm_web.visit import Visit

TEXT = {"type": "string"}
WHOLE_DAYS = {
    "type": "string",
    "format": "date-time",
    "description": "A day without an hour is told as its last microsecond; it may be sent as a date.",
}
NUMBER_TEXT = {"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$"}

FILE = {
    "type": "object",
    "description": "Sent to /api/v1/files first; named by its key.",
    "properties": {"key": TEXT, "name": TEXT, "media_type": TEXT, "size": {"type": "integer"}},
    "required": ["key"],
}
JOB = {"description": "Job", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Job"}}}}
JOB_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
JOB_PATHS = {
    "/api/v1/jobs": {"get": {"responses": {"200": {"description": "OK"}}}},
    "/api/v1/jobs/{id}": {"parameters": [JOB_ID], "get": {"responses": {"200": JOB}}},
    "/api/v1/jobs/{id}/cancel": {"parameters": [JOB_ID], "post": {"responses": {"200": JOB}}},
}
JOB_SCHEMA = {
    "type": "object",
    "properties": {
        "id": {**TEXT, "format": "uuid"},
        "kind": TEXT,
        "state": {**TEXT, "enum": ["waiting", "running", "done", "failed", "cancelled"]},
        "done": {"type": "integer"},
        "total": {"type": ["integer", "null"]},
        "message": {"type": ["string", "null"]},
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "href": {"type": ["string", "null"]},
    },
}
REPORT_PATHS = {
    "/api/v1/reports/{id}/run": {
        "parameters": [JOB_ID],
        "get": {
            "parameters": [
                {"name": name, "in": "query", "schema": {"type": "integer"}} for name in ("limit", "offset")
            ],
            "responses": {"200": {"description": "OK"}},
        },
    }
}
BULK = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "ids": {"type": "array", "items": {**TEXT, "format": "uuid"}},
                    "filter": {"type": "object"},
                    "set": {"type": "object"},
                    "delete": {"type": "boolean"},
                },
            }
        }
    },
}
IMPORT = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {**TEXT, "format": "binary"},
                    "mapping": {**TEXT, "description": "JSON: a column's head to a field; empty leaves it out"},
                    "mode": {**TEXT, "enum": ["create", "update", "upsert"]},
                    "key": TEXT,
                    "list": {**TEXT, "format": "uuid"},
                },
            }
        }
    },
}
EXPORT_FORMAT = {"name": "format", "in": "query", "schema": {**TEXT, "enum": ["csv", "xlsx", "jsonl"]}}
LINE = {
    "type": "object",
    "properties": {
        "kind": {**TEXT, "enum": ["good", "service", "text", "group"], "default": "good"},
        "product": {**TEXT, "format": "uuid"},
        **dict.fromkeys(("name", "part_number", "note", "unit"), TEXT),
        **dict.fromkeys(("quantity", "list_price", "discount", "tax_rate"), NUMBER_TEXT),
        "discount_type": {**TEXT, "enum": ["percentage", "amount"], "default": "percentage"},
    },
    "required": ["name"],
}
BILL = {
    "type": "object",
    "properties": {
        "currency": TEXT,
        "lines": {"type": "array", "items": LINE},
        "discount_type": {**TEXT, "enum": ["percentage", "amount"], "default": "percentage"},
        **dict.fromkeys(("discount", "shipping", "shipping_tax"), NUMBER_TEXT),
    },
    "required": ["currency"],
}
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
QUERY = [
    {"name": name, "in": "query", "schema": {"type": kind}}
    for name, kind in (
        ("q", "string"),
        ("sort", "string"),
        ("fields", "string"),
        ("limit", "integer"),
        ("cursor", "string"),
        ("count", "boolean"),
    )
]
PROBLEM = {
    "default": {
        "description": "Problem",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
MONEY = {
    "type": "object",
    "properties": {"amount": NUMBER_TEXT, "currency": TEXT},
    "required": ["amount", "currency"],
}
LINK = {
    "type": "object",
    "properties": {"module": TEXT, "id": {**TEXT, "format": "uuid"}, "name": TEXT},
    "required": ["id"],
}
EMAIL = {
    "type": "object",
    "properties": {"address": TEXT, **{flag: {"type": "boolean"} for flag in ("primary", "opted_out", "invalid")}},
}
ADDRESS = {
    "type": "object",
    "properties": dict.fromkeys(("street", "city", "state", "postal_code", "country"), TEXT),
}


class OpenApi(Controller):
    """/api/openapi.json."""

    path = "/"

    @get("/openapi.json")
    async def document(self, visit: Visit) -> Response[bytes]:
        paths: dict[str, Any] = {**JOB_PATHS, **REPORT_PATHS}
        schemas: dict[str, Any] = {"Problem": _problem(), "Job": JOB_SCHEMA}
        for module in visit.work.registry.modules.values():
            schemas[module.key] = _schema(visit, module)
            paths |= _paths(visit, module)
        return answer(
            {
                "openapi": "3.1.0",
                "info": {"title": f"Sadra CRM · {visit.tenant.name}", "version": "1"},
                "servers": [{"url": visit.installation.url(visit.tenant, "")}],
                "security": [{"token": []}],
                "paths": paths,
                "components": {
                    "schemas": schemas,
                    "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
                },
            }
        )


def _paths(visit: Visit, module: Module[Any]) -> dict[str, Any]:
    """What can be asked of a module and of one of its records, and along its relations."""
    base, ref = f"/api/v1/{module.key}", {"$ref": f"#/components/schemas/{module.key}"}
    found = {"description": "OK", "content": {"application/json": {"schema": ref}}}
    body = {"required": True, "content": {"application/json": {"schema": ref}}}
    new = {"allOf": [ref, {"type": "object", "properties": {GUESTS: SCHEMA}}]} if has_guests(module) else ref
    created = {"required": True, "content": {"application/json": {"schema": new}}}
    tags = [visit.voice.module(module)]

    def operation(status: str, answer: Any, **more: Any) -> dict[str, Any]:
        return {"tags": tags, **more, "responses": {status: answer, **PROBLEM}}

    return {
        base: {
            "get": operation("200", _listed(ref), parameters=QUERY),
            "post": operation("201", found, requestBody=created),
        },
        f"{base}/{{id}}": {
            "parameters": [ID],
            "get": operation("200", found),
            "patch": operation("200", found, requestBody=body),
            "delete": operation("204", {"description": "Deleted"}),
        },
        f"{base}/bulk": {"post": operation("202", JOB, requestBody=BULK)},
        f"{base}/import": {"post": operation("202", JOB, requestBody=IMPORT)},
        f"{base}/export": {"get": operation("200", {"description": "OK"}, parameters=[*QUERY, EXPORT_FORMAT])},
        **{
            f"{base}/{{id}}/{key}": {
                "parameters": [ID],
                "get": operation("200", {"description": "OK"}),
                "post": operation("204", {"description": "Linked"}),
                "delete": operation("204", {"description": "Unlinked"}),
            }
            for key in visit.work.registry.relations(module.key)
        },
    }


def _listed(ref: dict[str, str]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": ref},
            "next": {"type": ["string", "null"]},
            "count": {"type": ["integer", "null"]},
        },
    }
    return {"description": "OK", "content": {"application/json": {"schema": schema}}}


def _schema(visit: Visit, module: Module[Any]) -> dict[str, Any]:
    hidden = visit.access.hidden(module.key)
    fields = [field for field in module.fields if field.key not in hidden]
    properties = {
        field.key: {
            **describe(field),
            "title": visit.voice.label(module, field),
            **({"readOnly": True} if field.readonly else {}),
        }
        for field in fields
    }
    required = [field.key for field in fields if field.required and not field.readonly]
    return {
        "type": "object",
        "properties": {"id": {"type": "string", "format": "uuid", "readOnly": True}, **properties},
        "required": required,
    }


def describe(kind: Kind) -> dict[str, Any]:
    """A field's value as JSON schema."""
    match kind:
        case kinds.Text() | kinds.LongText() | kinds.RichText() | kinds.Url() | kinds.Phone():
            return {**TEXT, "maxLength": kind.max_length}
        case kinds.Integer() | kinds.AutoNumber() | kinds.Duration():
            return {"type": "integer"}
        case kinds.DecimalNumber() | kinds.Percent():
            return NUMBER_TEXT
        case kinds.Money():
            return MONEY
        case kinds.Boolean():
            return {"type": "boolean"}
        case kinds.Date():
            return {**TEXT, "format": "date"}
        case kinds.DateTime() if kind.whole_days:
            return WHOLE_DAYS
        case kinds.DateTime():
            return {**TEXT, "format": "date-time"}
        case kinds.Choice() | kinds.DependentChoice():
            return {**TEXT, "enum": list(kind.options.keys())}
        case kinds.MultiChoice():
            return {"type": "array", "items": {**TEXT, "enum": list(kind.options.keys())}}
        case kinds.Link() | kinds.UserLink() | kinds.AnyLink():
            return LINK
        case kinds.Emails():
            return {"type": "array", "items": EMAIL}
        case kinds.Address():
            return ADDRESS
        case kinds.Bill():
            return BILL
        case kinds.File() | kinds.Image():
            return FILE
        case kinds.Files():
            return {"type": "array", "items": FILE, "maxItems": kind.most}
        case kinds.Secret():
            return {**TEXT, "maxLength": kind.max_length, "writeOnly": True}
        case kinds.Computed():
            return {"type": "string" if kind.result in ("text", "date", "decimal") else "integer", "readOnly": True}
        case _:
            assert_never(kind)


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "status": {"type": "integer"},
            "code": TEXT,
            "detail": TEXT,
            "errors": {"type": "object"},
            "request_id": TEXT,
        },
    }
