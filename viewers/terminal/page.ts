document.title = location.hostname;
