## chat
