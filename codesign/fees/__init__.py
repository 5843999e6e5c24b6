"""Yearly fees: bands, invoices, payments, waivers; and the signed agreement."""
