"""SFTP: senders put files in over it and fetch their answers; nothing else can be done."""
