"""Model servers: one module a wire protocol, one HTTP module, discovery of local servers, the demo model."""
