"""Index of the kernel's tables."""

from registry.kernel.audit.models import AuditEvent
from registry.kernel.documents.models import Document
from registry.kernel.idempotency.models import StoredAnswer
from registry.kernel.outbox.models import OutboxMessage
from registry.kernel.search.models import SearchGram

__all__ = ["AuditEvent", "Document", "OutboxMessage", "SearchGram", "StoredAnswer"]
