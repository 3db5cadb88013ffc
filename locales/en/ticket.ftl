## ticket
