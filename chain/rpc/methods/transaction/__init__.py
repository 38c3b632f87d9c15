"""`transaction_v1_*` and `transactionWatch_v1_*`: broadcasting transactions, and watching them."""
