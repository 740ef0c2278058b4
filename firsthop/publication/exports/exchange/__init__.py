"""Mail flow rules of Exchange Server and Exchange Online."""
